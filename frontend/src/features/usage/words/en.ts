// English words of the day's allowance.
export const en = {
  left: {
    messages_one: '{{count, number}} message left today',
    messages_other: '{{count, number}} messages left today',
    tokens_one: '{{count, number}} token left today',
    tokens_other: '{{count, number}} tokens left today',
    noMessages: 'No messages left today',
    noTokens: 'No tokens left today',
    renewed: '{{left}}, new {{when}}',
  },
  today: {
    unread: 'Your usage could not be read.',
    messages: 'Messages',
    tokens: 'Tokens',
    renewal: 'New allowance',
    renewed: '{{when}}, at midnight UTC',
    used: '{{used, number}} of {{limit, number}}',
    unlimited: '{{used, number}}, without a limit',
  },
} as const;
