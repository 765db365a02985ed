import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { dateOf, systemClock } from '../clock'

type Idp = { issuer: string; cliClientId: string; bearer: (sub: string) => Promise<string> }

const TEN_MINUTES = 600_000

/** What `clasper login` would have left in the folder of settings. */
export const keepLogin = async (config: string, idp: Idp, server: string, sub: string): Promise<void> => {
  const login = {
    ...{ issuer: idp.issuer, client_id: idp.cliClientId, server, sub },
    ...{ access_token: await idp.bearer(sub), refresh_token: null },
    expires_at: dateOf(systemClock.now().getTime() + TEN_MINUTES).toISOString(),
  }
  mkdirSync(join(config, 'clasper'), { recursive: true, mode: 0o700 })
  writeFileSync(join(config, 'clasper', 'login.json'), JSON.stringify(login), { mode: 0o600 })
}
