// Spanish words of the palette and the list of keys.
import type { Translated } from '../../../shared/i18n/translated';
import type { en } from './en';

export const es: Translated<typeof en> = {
  label: 'Ir a cualquier parte',
  placeholder: 'Conversaciones, modelos, acciones, ajustes',
  found: 'Coincidencias',
  nothing: 'No hay coincidencias.',
  groups: {
    conversations: 'Conversaciones',
    actions: 'Acciones',
    models: 'Modelos',
    settings: 'Ajustes',
  },
  places: {
    settings: 'Ajustes',
    admin: 'Administración',
    people: 'Personas',
    invites: 'Invitaciones',
    usage: 'Uso',
    audit: 'Registro',
    signOut: 'Cerrar sesión',
  },
  keyList: {
    heading: 'Teclas',
    page: 'En todas partes',
    list: 'En una línea de la lista',
  },
  keys: {
    palette: 'Ir a cualquier parte',
    newConversation: 'Nueva conversación',
    sidebar: 'Mostrar u ocultar la barra lateral',
    composer: 'Escribir una pregunta',
    stop: 'Detener la respuesta o cerrar lo que esté abierto',
    copyAnswer: 'Copiar la respuesta',
    copyCode: 'Copiar el último código',
    earlierVersion: 'Versión anterior',
    laterVersion: 'Versión siguiente',
    previousQuestion: 'Pregunta anterior',
    nextQuestion: 'Pregunta siguiente',
    help: 'Lista de teclas',
    select: 'Seleccionar o dejar de seleccionar',
    selectDown: 'Seleccionar hacia abajo',
    selectUp: 'Seleccionar hacia arriba',
    selectAll: 'Seleccionar todo lo que se muestra',
    rename: 'Cambiar el nombre',
    delete: 'Eliminar',
  },
};
