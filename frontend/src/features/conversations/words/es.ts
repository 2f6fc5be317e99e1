// Spanish words of the list of conversations.
import type { Translated } from '../../../shared/i18n/translated';
import type { en } from './en';

export const es: Translated<typeof en> = {
  list: {
    label: 'Conversaciones',
    archiveLabel: 'Conversaciones archivadas',
    empty: 'Aquí aparecerán tus conversaciones.',
    archiveEmpty: 'Aquí aparecerá lo que archives.',
    nothingFound: 'Ningún título contiene esas palabras.',
    loading: 'Cargando las conversaciones',
    failed: 'No se pudo cargar la lista.',
  },
  head: {
    search: 'Buscar títulos y textos',
    searchArchive: 'Buscar en el archivo',
    archive: 'Archivo',
    back: 'Volver a las conversaciones',
  },
  dates: {
    pinned: 'Fijadas',
    today: 'Hoy',
    yesterday: 'Ayer',
    week: 'Últimos 7 días',
    month: 'Últimos 30 días',
  },
  texts: {
    label: 'En el texto',
    byYou: 'Tú: ',
    byModel: 'Respuesta: ',
    archived: 'Archivada · ',
    nothingFound: 'Ningún texto contiene esas palabras.',
    failed: 'No se pudo buscar en los textos.',
  },
  row: {
    selected: 'Seleccionada: ',
    answering: 'Respondiendo: ',
    unread: ' (respondida mientras tanto)',
    menu: 'Menú de {{title}}',
    title: 'Título',
  },
  acts: {
    pin: 'Fijar',
    unpin: 'Dejar de fijar',
    rename: 'Cambiar el nombre',
    archive: 'Archivar',
    unarchive: 'Sacar del archivo',
    select: 'Seleccionar',
    pauseMemory: 'Pausar la memoria aquí',
    useMemory: 'Volver a usar la memoria aquí',
    delete: 'Eliminar',
  },
  selection: {
    label: 'Conversaciones seleccionadas',
    count: 'Seleccionadas: {{count, number}}',
    clear: 'No seleccionar nada',
  },
  memory: {
    paused: 'De esta conversación no se recuerda nada, ni se le aporta nada.',
    used: 'En esta conversación se vuelve a usar la memoria.',
  },
  failed: {
    rename: 'No se pudo guardar el título nuevo. Vuelve a estar el anterior.',
    pin: 'No se pudo fijar.',
    unpin: 'No se pudo dejar de fijar.',
    archive: 'Lo que no se pudo mover vuelve a estar en la lista.',
    memory: 'No se pudo cambiar si allí se usa la memoria.',
    delete: 'No se pudo eliminar «{{title}}». Vuelve a estar en la lista.',
    deleteMany: 'Sin eliminar y de nuevo en la lista: {{count, number}}.',
  },
  deletion: {
    temporary: 'La conversación temporal terminó.',
    done: '«{{title}}» eliminada.',
    doneMany: 'Conversaciones eliminadas: {{count, number}}.',
    undo: 'Deshacer',
    tooLate: 'Era demasiado tarde: entretanto se había salido de la página.',
  },
};
