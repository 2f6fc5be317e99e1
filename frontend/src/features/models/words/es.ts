// Spanish words of the models and of the machine at home.
import type { Translated } from '../../../shared/i18n/translated';
import type { en } from './en';

export const es: Translated<typeof en> = {
  home: {
    answering: 'Respondiendo',
    looking: 'Buscando un modelo',
    ready: '{{model}} está listo',
    readyCount_one: '{{count, number}} modelo está listo',
    readyCount_many: '{{count, number}} de modelos están listos',
    readyCount_other: '{{count, number}} modelos están listos',
    asleep: 'En reposo: la primera pregunta carga un modelo',
    empty: 'En reposo: no hay modelo que cargar',
    away: 'El modelo de casa no está disponible',
  },
  picker: {
    none: 'Sin modelo',
    label: 'Modelo: {{model}}',
    loaded: 'cargado',
  },
  noModel: {
    heading: 'No hay ningún modelo en línea',
    guide: 'Hasta que lo haya, responde la Guía. No es una IA: muestra que todo lo demás funciona.',
    advice: 'En el equipo de casa, abre LM Studio, carga un modelo e inicia el servidor en su página Developer, o ejecuta',
    again: 'Comprobar de nuevo',
    checking: 'Comprobando',
    pageChecks: 'Esta página lo comprueba de nuevo sola en {{seconds}} s.',
    askedAt: '{{outcome}}, consultado a las {{time}}',
    up: 'responde, pero no ofrece ningún modelo de chat',
    down: 'no respondió',
    unknown: 'aún no se le ha consultado',
  },
};
