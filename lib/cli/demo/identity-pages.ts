import type { Person } from './people'

const MASKS: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const safe = (text: string): string => text.replace(/[&<>"']/g, (char) => MASKS[char] ?? char)

const STYLE = `
:root{color-scheme:light dark;--page:#f8fafc;--card:#fff;--line:#e2e8f0;--text:#0f172a;--soft:#475569;--accent:#0f766e;--on-accent:#fff;--hover:#f1f5f9}
@media(prefers-color-scheme:dark){:root{--page:#0b1120;--card:#111a2e;--line:#24314d;--text:#e2e8f0;--soft:#9fb0c8;--accent:#2dd4bf;--on-accent:#042f2e;--hover:#17223a}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:24px;background:var(--page);color:var(--text);font:14px/1.5 ui-sans-serif,system-ui,sans-serif}
main{width:100%;max-width:420px;background:var(--card);border:1px solid var(--line);border-radius:10px;padding:28px}
h1{margin:0 0 4px;font-size:20px;line-height:1.3}p{margin:0 0 20px;color:var(--soft)}
ul{list-style:none;margin:0;padding:0;display:grid;gap:8px}form{margin:0}
button{font:inherit;cursor:pointer;border-radius:6px;min-height:44px;width:100%}
.person{display:flex;flex-direction:column;align-items:flex-start;padding:9px 14px;text-align:left;background:transparent;color:var(--text);border:1px solid var(--line)}
.person:hover{background:var(--hover)}.person b{font-weight:600}.person span{color:var(--soft);font-size:13px}
.go{background:var(--accent);color:var(--on-accent);border:0;font-weight:600}
.back{margin-top:8px;background:transparent;color:var(--soft);border:1px solid var(--line)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
input[type=text]{font:inherit;width:100%;min-height:44px;padding:0 12px;margin-bottom:12px;border:1px solid var(--line);border-radius:6px;background:transparent;color:var(--text)}
dl{display:grid;grid-template-columns:auto 1fr;gap:4px 16px;margin:0 0 20px}dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
footer{margin-top:20px;color:var(--soft);font-size:13px}`

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${safe(title)}</title><link rel="icon" href="data:,"><style>${STYLE}</style></head>
<body><main>${body}</main></body></html>`

const choice = (person: Person): string =>
  `<li><button class="person" name="person" value="${safe(person.id)}"><b>${safe(person.name)}</b><span>${safe(person.title)} · ${safe(person.tenantId)}</span></button></li>`

export const peoplePage = (action: string, people: readonly Person[]): string =>
  page(
    'Who are you?',
    `<h1>Who are you?</h1><p>Demo identity provider. Choose a person to sign in as.</p>
<form method="post" action="${safe(action)}"><ul>${people.map(choice).join('')}</ul></form>
<footer>For trying out only: there is no password to type.</footer>`,
  )

export const consentPage = (action: string, person: Person, client: string): string =>
  page(
    'Continue',
    `<h1>Continue to ${safe(client)}</h1><p>It will know your name, address and roles.</p>
<dl><dt>Person</dt><dd>${safe(person.name)}</dd><dt>Roles</dt><dd>${safe(person.roles.join(', ') || 'none')}</dd><dt>Tenant</dt><dd>${safe(person.tenantId)}</dd></dl>
<form method="post" action="${safe(action)}"><button class="go" name="decision" value="continue" autofocus>Continue</button>
<button class="back" name="decision" value="cancel">Cancel</button></form>`,
  )

// `form` comes from the provider library and carries its own protection token; the buttons refer to its id.
export const logoutPage = (form: string): string =>
  page(
    'Sign out',
    `<h1>Sign out</h1><p>This also ends your session at the identity provider.</p>${form}
<button class="go" type="submit" form="op.logoutForm" name="logout" value="yes" autofocus>Sign out</button>
<button class="back" type="submit" form="op.logoutForm">Stay signed in</button>`,
  )

export const deviceCodePage = (form: string, problem: string | undefined): string =>
  page(
    'Connect a device',
    `<h1>Connect a device</h1><p>${safe(problem ?? 'Type the code that your terminal shows.')}</p>${form}
<button class="go" type="submit" form="op.deviceInputForm">Continue</button>`,
  )

export const deviceConfirmPage = (form: string, code: string): string =>
  page(
    'Confirm the device',
    `<h1>Is this your code?</h1><p>Continue only if your terminal shows <b>${safe(code)}</b>.</p>${form}
<button class="go" type="submit" form="op.deviceConfirmForm" autofocus>Continue</button>
<button class="back" type="submit" form="op.deviceConfirmForm" name="abort" value="yes">Cancel</button>`,
  )

export const notePage = (title: string, text: string): string =>
  page(title, `<h1>${safe(title)}</h1><p>${safe(text)}</p>`)
