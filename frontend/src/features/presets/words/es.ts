// Spanish words of presets.
import type { Translated } from '../../../shared/i18n/translated';
import type { en } from './en';

export const es: Translated<typeof en> = {
  heading: 'Ajustes con nombre',
  about: 'Un ajuste reúne deseos bajo un nombre. Elígelo junto al modelo y acompañará a tus preguntas.',
  none: 'Aún no hay ningún ajuste.',
  add: 'Crear un ajuste',
  list: 'Ajustes con nombre',
  name: 'Nombre',
  system: 'Lo primero que se le dice al modelo',
  systemHint: 'Por ejemplo: Responde brevemente, como a un colega.',
  temperature: 'Temperatura',
  temperatureHint: 'De 0, la palabra más probable, a 2.',
  topP: 'Top P',
  topPHint: 'Más de 0, hasta 1: la parte de palabras probables entre las que elegir.',
  maxTokens: 'Respuesta más larga',
  maxTokensHint: 'En tokens: unos cuatro por cada tres palabras.',
  save: 'Guardar',
  leave: 'Cancelar',
  edit: 'Editar',
  editOf: 'Editar: {{name}}',
  remove: 'Eliminar',
  removeOf: 'Eliminar: {{name}}',
  removed: '{{name}} se ha eliminado.',
  undo: 'Deshacer',
  unsaved: '{{why}} No se ha cambiado nada.',
  picker: 'Ajuste: {{name}}',
  noPreset: 'Sin ajuste',
  problems: {
    name: 'Ponle un nombre.',
    taken: 'Otro ajuste tiene ese nombre.',
    temperature: 'Escribe un número de 0 a 2.',
    topP: 'Escribe un número mayor que 0, hasta 1.',
    maxTokens: 'Escribe un número entero desde 1.',
  },
};
