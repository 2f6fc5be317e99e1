// Spanish words of the frame.
import type { Translated } from '../../shared/i18n/translated';
import type { en } from './en';

export const es: Translated<typeof en> = {
  opening: 'Abriendo OmniAI',
  skip: 'Ir al contenido',
  sidebar: {
    label: 'Barra lateral',
    open: 'Abrir la barra lateral',
    hide: 'Ocultar la barra lateral',
    close: 'Cerrar la barra lateral',
    new: 'Nueva conversación',
    settings: 'Ajustes',
    admin: 'Administración',
    signOut: 'Cerrar sesión',
    notSignedOut: 'No se pudo cerrar la sesión porque OmniAI no respondió.',
  },
  away: {
    title: 'Sin conexión',
    offline: 'Este dispositivo no tiene conexión',
    offlineAdvice: 'Ahora mismo no hay red.',
    heading: 'OmniAI no está disponible',
    machineAdvice: 'El equipo de casa no respondió. Puede estar apagado, en reposo o sin red.',
    tunnelAdvice: 'Algo por el camino respondió en su lugar: puede que el túnel al equipo de casa esté cerrado.',
    unopened: 'No se puede abrir OmniAI',
    bannerHeading: '{{heading}}.',
    kept: 'Lo que ves se conserva.',
    trying: 'Intentando',
    nextTry: 'Próximo intento en {{seconds}} s',
    pageTries: 'Esta página lo reintenta sola en {{seconds}} s.',
    tryNow: 'Probar ahora',
  },
  newer: {
    words: 'Hay un OmniAI más nuevo.',
    load: 'Cargarlo',
  },
  failed: {
    heading: 'La página ha fallado',
    words:
      'Un error detuvo la página. Tus conversaciones están guardadas en casa y los borradores en este dispositivo; no se ha perdido nada.',
    again: 'Volver a cargar',
  },
  config: {
    heading: 'Esta página no está bien configurada',
    words: 'El archivo está junto al index.html de esta página. Quien la puso aquí puede arreglarlo.',
    reload: 'Recargar',
  },
};
