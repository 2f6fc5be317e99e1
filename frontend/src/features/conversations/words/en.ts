// English words of the list of conversations.
export const en = {
  list: {
    empty: 'Your conversations will be listed here.',
    loading: 'Loading the conversations',
    failed: 'The list could not be loaded.',
    older: 'Show older ones',
    loadingOlder: 'Loading older ones',
  },
  dates: {
    today: 'Today',
    yesterday: 'Yesterday',
    week: 'Previous 7 days',
    month: 'Previous 30 days',
  },
  row: {
    answering: 'Answering: ',
    menu: 'Menu of {{title}}',
    rename: 'Rename',
    delete: 'Delete',
    title: 'Title',
    notRenamed: 'The new title could not be saved. The old one is back.',
  },
  deletion: {
    heading: 'Delete this conversation?',
    words: '“{{title}}” and all its messages will be gone. This cannot be undone.',
    keep: 'Keep it',
    delete: 'Delete',
    failed: '“{{title}}” could not be deleted. It is back in the list.',
  },
} as const;
