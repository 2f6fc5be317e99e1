// Spanish words of one's own settings.
import type { Translated } from '../../../shared/i18n/translated';
import type { en } from './en';

export const es: Translated<typeof en> = {
  page: {
    title: 'Ajustes',
    used: 'Uso de hoy',
    signIns: 'Sesiones',
    password: 'Contraseña',
    data: 'Tus datos',
    account: 'Cuenta',
  },
  name: {
    label: 'Cómo quieres que te llamen',
    hint: 'Inicias sesión como {{username}}.',
    save: 'Guardar',
    saved: 'Tu nombre está guardado.',
    kept: '{{why}} Se conserva el nombre anterior.',
  },
  theme: {
    label: 'Claro u oscuro',
    system: 'Como el dispositivo',
    light: 'Claro',
    dark: 'Oscuro',
    unsaved: 'La elección vale en este dispositivo. No se pudo guardar para los demás.',
  },
  language: {
    label: 'Idioma',
    browser: 'Como el navegador',
    unloaded: 'No se pudo cargar el idioma. La página queda como estaba.',
  },
  signIns: {
    unread: 'No se pudieron leer tus sesiones.',
    more: 'Mostrar más',
    current: 'Este, desde {{address}}',
    used: 'Último uso {{when}}, desde {{address}}',
    justUsed: 'Último uso ahora mismo, desde {{address}}',
    end: 'Cerrar sesión',
    endOf: 'Cerrar sesión en {{device}}',
    ended: 'La sesión en ese dispositivo está cerrada.',
    endOthers: 'Cerrar sesión en todos los demás',
    othersEnded: 'La sesión está cerrada en todos los demás dispositivos.',
  },
  device: {
    on: '{{program}} en {{system}}',
    unknown: 'Dispositivo desconocido',
  },
  password: {
    current: 'Contraseña actual',
    wrong: 'Esta no es tu contraseña actual.',
    wanted: 'Nueva contraseña',
    hint: 'Unas cuantas palabras se recuerdan mejor que los signos.',
    same: 'Esta es tu contraseña actual.',
    change: 'Cambiar la contraseña',
    changed: 'Tu nueva contraseña está guardada. La sesión está cerrada en todos los demás dispositivos.',
    kept: '{{why}} Se conserva la contraseña anterior.',
  },
  data: {
    words: 'Tu cuenta y todas tus conversaciones, con cada rama, en un zip de archivos JSON.',
    export: 'Exportar todo',
    kept: '{{why}} No se ha exportado nada.',
  },
  closing: {
    words: 'Tus conversaciones y todo lo demás que es tuyo se eliminan del servidor. Nadie puede recuperarlos.',
    open: 'Cerrar mi cuenta …',
    heading: '¿Cerrar tu cuenta?',
    lead: 'Todo lo que es tuyo aquí se elimina para siempre.',
    username: 'Tu nombre de usuario',
    hint: 'Escribe {{username}} para confirmar que lo quieres así.',
    onlyAdmin: 'Eres el único administrador. Haz antes administrador a otra persona.',
    kept: '{{why}} No se eliminó nada.',
    leave: 'Conservarla',
    act: 'Eliminar todo',
  },
};
