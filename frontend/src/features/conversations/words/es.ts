// Spanish words of the list of conversations.
import type { Translated } from '../../../shared/i18n/translated';
import type { en } from './en';

export const es: Translated<typeof en> = {
  list: {
    empty: 'Aquí aparecerán tus conversaciones.',
    loading: 'Cargando las conversaciones',
    failed: 'No se pudo cargar la lista.',
    older: 'Mostrar anteriores',
    loadingOlder: 'Cargando anteriores',
  },
  dates: {
    today: 'Hoy',
    yesterday: 'Ayer',
    week: 'Últimos 7 días',
    month: 'Últimos 30 días',
  },
  row: {
    answering: 'Respondiendo: ',
    menu: 'Menú de {{title}}',
    rename: 'Cambiar título',
    delete: 'Eliminar',
    title: 'Título',
    notRenamed: 'No se pudo guardar el nuevo título. Se mantiene el anterior.',
  },
  deletion: {
    heading: '¿Eliminar esta conversación?',
    words: '«{{title}}» y todos sus mensajes desaparecerán. Esto no se puede deshacer.',
    keep: 'Conservar',
    delete: 'Eliminar',
    failed: 'No se pudo eliminar «{{title}}». Vuelve a estar en la lista.',
  },
};
