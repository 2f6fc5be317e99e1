// All Spanish words of the page, as one chunk that loads when Spanish is spoken.
import { es as admin } from '../../features/admin/words/es';
import { es as auth } from '../../features/auth/words/es';
import { es as chat } from '../../features/chat/words/es';
import { es as conversations } from '../../features/conversations/words/es';
import { es as keeping } from '../../features/keeping/words/es';
import { es as memories } from '../../features/memories/words/es';
import { es as models } from '../../features/models/words/es';
import { es as presets } from '../../features/presets/words/es';
import { es as settings } from '../../features/settings/words/es';
import { es as usage } from '../../features/usage/words/es';
import { es as shared } from '../../shared/i18n/words/es';
import { es as palette } from '../palette/words/es';
import { es as app } from './es';

export const spanish = { app, admin, auth, chat, conversations, keeping, memories, models, palette, presets, settings, shared, usage };
