// Spanish words of the doors and of the questions for a password.
import type { Translated } from '../../../shared/i18n/translated';
import type { en } from './en';

export const es: Translated<typeof en> = {
  username: 'Nombre de usuario',
  displayName: 'Cómo quieres que te llamen',
  password: 'Contraseña',
  usernameRule: 'De 3 a 32 caracteres: a–z, 0–9, _ . -',
  passwordRule: 'Al menos {{least, number}} caracteres. Unas cuantas palabras se recuerdan mejor que los signos.',
  signIn: 'Iniciar sesión',
  makeAccount: 'Crear la cuenta',
  problems: {
    username: 'Un nombre de usuario tiene de 3 a 32 caracteres: a–z, 0–9, _ . -.',
    short: 'Una contraseña tiene al menos {{least, number}} caracteres.',
    long: 'Una contraseña tiene como mucho {{most, number}} caracteres.',
  },
  leads: {
    nothing: 'Un lugar privado para preguntar, en casa.',
    signOut: 'Has cerrado la sesión. Los borradores siguen en este dispositivo.',
    reset: 'Tu nueva contraseña está guardada. Inicia sesión con ella.',
    closing: 'Tu cuenta está cerrada. Todo lo que era tuyo se ha eliminado.',
  },
  invited: {
    words: '¿Aún no tienes cuenta? Abre el enlace de tu invitación o',
    link: 'escribe su código',
  },
  join: {
    title: 'Unirse',
    invited: 'Tienes una invitación',
    invitedBy: '{{name}} te invita',
    goodUntil: 'La invitación vale hasta el {{moment}}.',
    spent: 'Esta invitación ya no vale: se usó, caducó o se retiró. Pide una nueva.',
    haveAccount: '¿Ya tienes cuenta?',
    heading: 'Unirse con una invitación',
    lead: 'La persona que te invitó te ha enviado un enlace o un código.',
    code: 'Enlace o código',
    goOn: 'Continuar',
    bad: 'Esta invitación no vale',
    badLead: 'Se usó, caducó, se retiró o falta una parte del enlace. Pide una nueva a quien te invitó.',
    unread: 'No se pudo consultar la invitación',
    already: 'Ya te has unido',
    alreadyWords:
      'Has iniciado sesión como {{username}}. La invitación es para alguien sin cuenta: cierra antes la sesión o abre el enlace en otro navegador.',
  },
  seen: {
    heading: 'Quién puede ver lo que escribes',
    page: 'En esta página, solo tú. Ninguna cuenta, ni siquiera la de un administrador, abre las conversaciones de otra.',
    machine: 'En el equipo, su dueño. Las preguntas y respuestas se guardan allí en una base de datos, y quien lo administra puede leerla.',
    models: 'Tus preguntas van a los servidores de modelos que el dueño ha configurado.',
  },
  setUp: {
    title: 'Configurar',
    heading: 'Crea la cuenta del dueño',
    lead: 'Tú administras este OmniAI. Podrás invitar a otras personas en cuanto entres.',
    foot: 'El nombre y la contraseña se guardan en este equipo; la contraseña, solo como hash.',
    noToken: 'OmniAI aún no está configurado',
    noTokenLead:
      'Su dueño crea la primera cuenta con un enlace de un solo uso. El enlace está en la ventana donde se inició OmniAI: una línea que termina en',
    notOwner: 'Si no administras este OmniAI, pregunta a quien lo hace.',
    oldLink: 'Este enlace no es el último que mostró OmniAI. Abre el más reciente en la ventana donde se inició.',
    closed: 'La cuenta del dueño ya existe. Recarga la página para iniciar sesión.',
  },
  reset: {
    password: 'Nueva contraseña',
    gone: 'Abre tu enlace otra vez',
    goneLead: 'El enlace para cambiar la contraseña no se guarda en este dispositivo. Si no lo has usado, sigue valiendo.',
    heading: 'Elige una nueva contraseña',
    lead: 'El enlace que te trajo aquí vale una sola vez. Habrá que volver a iniciar sesión en todos los dispositivos que usan tu nombre.',
    save: 'Guardar la contraseña',
    spent: 'Este enlace ya no vale: se usó, caducó o se creó uno más reciente. Pide uno nuevo a quien administra OmniAI.',
  },
  expired: {
    title: 'Tu sesión ha terminado',
    words: 'La página queda como está. Escribe la contraseña de {{username}} para continuar.',
    signOut: 'Cerrar sesión',
  },
  proof: {
    title: 'Tu contraseña, otra vez',
    words: 'Se pide antes de cambios que nadie más debería hacer desde tu dispositivo.',
    leave: 'Dejarlo',
    goOn: 'Continuar',
  },
};
