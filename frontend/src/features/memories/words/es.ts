// Spanish words of what is remembered.
import type { Translated } from '../../../shared/i18n/translated';
import type { en } from './en';

export const es: Translated<typeof en> = {
  heading: 'Memoria',
  about: 'Lo que dices de ti, o pides que se recuerde, puede volver en otras conversaciones. Solo tú lo ves.',
  switch: 'Recordarme',
  on: 'Sí',
  off: 'No',
  by: {
    meaning: 'Los recuerdos se encuentran por lo que significan, con el modelo {{model}}.',
    words:
      'Los recuerdos se encuentran por las palabras que comparten con la pregunta. Con un modelo de embeddings en casa se encuentran por su significado.',
    nothing: 'El dueño ha desactivado la memoria para todos.',
  },
  unsaved: '{{why}} No se ha cambiado nada.',
  add: 'Algo que recordar',
  addHint: 'Por ejemplo: Soy alérgica a los frutos secos.',
  save: 'Recordar',
  search: 'Buscar en los recuerdos',
  none: 'Aún no se recuerda nada.',
  nothingFound: 'Ningún recuerdo contiene esas palabras.',
  unread: 'No se pudieron leer los recuerdos.',
  more: 'Mostrar más',
  source: {
    manual: 'Lo añadiste tú',
    user: 'Lo pediste tú',
    assistant: 'De lo que dijiste',
  },
  line: '{{source}}, {{when}}',
  justNow: '{{source}} ahora mismo',
  edit: 'Editar',
  editOf: 'Editar: {{content}}',
  editing: 'Recuerdo',
  keep: 'Guardar',
  leave: 'Cancelar',
  forget: 'Olvidar',
  forgetOf: 'Olvidar: {{content}}',
  forgotten: 'Olvidado.',
  forgetAll: 'Olvidar todo …',
  sure: '¿Olvidar todo?',
  sureWords: 'Se elimina todo lo que se recuerda de ti. Tus conversaciones se quedan.',
  used: 'Lo que se le dijo de ti a esta respuesta',
  usedWords: 'Está tal como se recuerda ahora.',
  usedGone: 'Olvidados desde entonces: {{count, number}}.',
};
