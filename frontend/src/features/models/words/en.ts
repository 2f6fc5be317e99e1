// English words of the models and of the machine at home.
export const en = {
  home: {
    answering: 'Answering',
    looking: 'Looking for a model',
    ready: '{{model}} is ready',
    readyCount_one: '{{count, number}} model is ready',
    readyCount_other: '{{count, number}} models are ready',
    asleep: 'Asleep: the first question loads a model',
    empty: 'Asleep: no model to load',
    away: 'The model at home is away',
  },
  picker: {
    none: 'No model',
    label: 'Model: {{model}}',
    loaded: 'loaded',
  },
  noModel: {
    heading: 'No model is online',
    guide: 'Until one is, the Guide answers. It is not an AI: it shows that everything else works.',
    advice: 'On the machine at home, open LM Studio, load a model, and start the server on its Developer page, or run',
    again: 'Check again',
    checking: 'Checking',
    pageChecks: 'This page checks again by itself in {{seconds}} s.',
    askedAt: '{{outcome}}, asked at {{time}}',
    up: 'answers, but offers no chat model',
    down: 'did not answer',
    unknown: 'was not asked yet',
  },
} as const;
