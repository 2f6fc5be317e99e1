// Tells i18next's types which words there are, so that a key or a value that is missing does not compile.
import type { en as admin } from '../../features/admin/words/en';
import type { en as auth } from '../../features/auth/words/en';
import type { en as chat } from '../../features/chat/words/en';
import type { en as conversations } from '../../features/conversations/words/en';
import type { en as keeping } from '../../features/keeping/words/en';
import type { en as memories } from '../../features/memories/words/en';
import type { en as models } from '../../features/models/words/en';
import type { en as presets } from '../../features/presets/words/en';
import type { en as settings } from '../../features/settings/words/en';
import type { en as usage } from '../../features/usage/words/en';
import type { en as shared } from '../../shared/i18n/words/en';
import type { en as palette } from '../palette/words/en';
import type { en as app } from './en';

export type English = {
  admin: typeof admin;
  app: typeof app;
  auth: typeof auth;
  chat: typeof chat;
  conversations: typeof conversations;
  keeping: typeof keeping;
  memories: typeof memories;
  models: typeof models;
  palette: typeof palette;
  presets: typeof presets;
  settings: typeof settings;
  shared: typeof shared;
  usage: typeof usage;
};

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'shared';
    resources: English;
    strictKeyChecks: true;
    interpolationFormatTypeMap: { duration: number };
  }
}
