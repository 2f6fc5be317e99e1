// Spanish words of the day's allowance.
import type { Translated } from '../../../shared/i18n/translated';
import type { en } from './en';

export const es: Translated<typeof en> = {
  left: {
    messages_one: 'Queda {{count, number}} mensaje hoy',
    messages_many: 'Quedan {{count, number}} de mensajes hoy',
    messages_other: 'Quedan {{count, number}} mensajes hoy',
    tokens_one: 'Queda {{count, number}} token hoy',
    tokens_many: 'Quedan {{count, number}} de tokens hoy',
    tokens_other: 'Quedan {{count, number}} tokens hoy',
    noMessages: 'Hoy no quedan mensajes',
    noTokens: 'Hoy no quedan tokens',
    renewed: '{{left}}; cupo nuevo {{when}}',
  },
  today: {
    unread: 'No se pudo leer tu uso.',
    messages: 'Mensajes',
    tokens: 'Tokens',
    renewal: 'Cupo nuevo',
    renewed: '{{when}}, a medianoche UTC',
    used: '{{used, number}} de {{limit, number}}',
    unlimited: '{{used, number}}, sin límite',
  },
};
