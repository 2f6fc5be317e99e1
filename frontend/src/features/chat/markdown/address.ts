// What a link's address says of where it leads, so that a person can read it before it opens. Pure.

/** The whole is what will open. `written` is the host's spelling in letters beyond ASCII, where the link was written so. */
export type Address = { whole: string; mail: boolean; before: string; host: string; after: string; written: string | null };

const OPENS = /^(?:https?:\/\/|mailto:)/i;
const HOST = /^(?:https?:\/\/)?(?:[^\s/?#@]*@)?([^\s/?#@:]+)/i;
/** A name with a dot in it, or a mail address, and nothing beside it. */
const LIKE_ADDRESS = /^(?:https?:\/\/|mailto:)?(?:[^\s/@]+@)?(?:[\p{L}\p{N}-]+\.)+[\p{L}][\p{L}\p{N}-]+\.?(?:[:/?#]\S*)?$/iu;

export function opens(href: string | undefined): href is string {
  return href !== undefined && OPENS.test(href) && URL.canParse(href);
}

export function addressOf(href: string): Address {
  const { href: whole, protocol, username, password, host, hostname, pathname } = new URL(href);
  const mail = protocol === 'mailto:';
  const login = [username, password].filter(Boolean).join(':');
  const before = mail ? protocol : `${protocol}//${login === '' ? '' : `${login}@`}`;
  const leadsTo = mail ? pathname : host;
  return {
    whole,
    mail,
    before,
    host: leadsTo,
    after: whole.slice(before.length + leadsTo.length),
    written: mail ? null : written(href, hostname),
  };
}

/** Null where the browser reads the spelling as another host, or the host needs no other letters. */
function written(href: string, host: string): string | null {
  const spelling = decoded(HOST.exec(href)?.[1] ?? '');
  return spelling.toLowerCase() !== host && hostOf(spelling) === host ? spelling : null;
}

/** How the text of a link stands to its address: the same, words for it, or like an address that leads elsewhere. */
export function textAgainst(text: string, href: string): 'same' | 'words' | 'elsewhere' {
  const said = text.trim();
  if ([href, decoded(href), new URL(href).href].some((address) => bare(address) === bare(said))) return 'same';
  if (!LIKE_ADDRESS.test(said)) return 'words';
  return hostOf(said) === hostOf(href) ? 'words' : 'elsewhere';
}

function bare(address: string): string {
  return address.replace(OPENS, '').replace(/\/$/, '');
}

function hostOf(address: string): string | null {
  const named = address.replace(/^mailto:/i, '').split('?', 1)[0] ?? '';
  const host = /^https?:\/\//i.test(address) ? address : `http://${named}`;
  return URL.canParse(host) ? new URL(host).hostname : null;
}

function decoded(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}
