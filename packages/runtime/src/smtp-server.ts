/** The mail server that takes our mails, as SMTP_URL names it. */
export interface SmtpServer {
  host: string;
  port: number;
  /**
   * `at once`: TLS from the first byte (smtps://). `required`: by STARTTLS, or no mail. `opportunistic`: if the server offers it,
   * whoever it is (RFC 7435). `off`: never.
   */
  tls: 'at once' | 'required' | 'opportunistic' | 'off';
  login: { user: string; password: string } | null;
}

/** RFC 6409: the port of those who hand mails in. */
const SUBMISSION_PORT = 587;
/** RFC 8314 */
const SUBMISSIONS_PORT = 465;

/**
 * Reads `smtp://user:password@host:port?tls=required`. A password is never sent to a server that nobody has vouched for: with
 * one TLS is required, unless the address says otherwise.
 * @returns what is wrong with it, as the end of a sentence
 */
export function readSmtpUrl(text: string): SmtpServer | string {
  if (!/^smtps?:\/\//.test(text)) return 'is not an smtp:// or smtps:// address';
  if (!URL.canParse(text))
    return 'is not an address: write # / ? @ and : in its user or password as %23 %2F %3F %40 %3A';
  const url = new URL(text);
  const isSecure = url.protocol === 'smtps:';
  if (url.hostname === '') return 'names no host';
  if (!/^\/?$/.test(url.pathname) || url.hash !== '') return 'has something behind its host and port';
  const asked = url.searchParams.get('tls');
  const others = [...url.searchParams.keys()].filter((name) => name !== 'tls');
  if (others.length > 0) return `has the parameter ${others[0]}; there is only tls`;
  if (asked !== null && !/^(required|opportunistic|off)$/.test(asked))
    return 'has a tls that is not one of required, opportunistic, off';
  if (isSecure && asked !== null && asked !== 'required')
    return `asks for TLS and for tls=${asked}: write smtp://, or leave tls out`;
  if ((url.username === '') !== (url.password === ''))
    return 'has a user or a password alone: give both or none';
  const login = readLogin(url);
  if (login === undefined) return 'has a user or password with a % that begins no code: write it as %25';
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port) || (isSecure ? SUBMISSIONS_PORT : SUBMISSION_PORT),
    tls: isSecure
      ? 'at once'
      : ((asked as SmtpServer['tls'] | null) ?? (login ? 'required' : 'opportunistic')),
    login,
  };
}

function readLogin({ username, password }: URL): SmtpServer['login'] | undefined {
  try {
    return username === ''
      ? null
      : { user: decodeURIComponent(username), password: decodeURIComponent(password) };
  } catch {
    return undefined;
  }
}
