import { type Check, type Claims, type Desk, Skip } from './desk'
import { MC, mustRefuse } from './expect'
import { claimsOf } from './forged-tokens'

// Well past what clocks may differ by.
const LONG_AGO_SECONDS = 2 * 24 * 3_600

const expired = ({ me }: Desk): Claims => {
  const { exp, iat } = claimsOf(me.token)
  return { exp: Number(exp) - LONG_AGO_SECONDS, iat: Number(iat) - LONG_AGO_SECONDS }
}

const FLAWS: readonly { of: string; changes: (desk: Desk) => Claims }[] = [
  { of: 'that has expired', changes: expired },
  { of: 'without exp', changes: () => ({ exp: undefined }) },
  { of: 'of another type', changes: () => ({ type: 'service' }) },
  { of: 'without user_id', changes: () => ({ user_id: undefined }) },
  { of: 'without agent_role', changes: () => ({ agent_role: undefined }) },
]

const refused = (of: string, changes: (desk: Desk) => Claims) => async (desk: Desk) => {
  if (!desk.sign) throw new Skip('needs to sign tokens: set AGENT_JWT_SECRET in place of AGENT_TOKEN')
  const token = await desk.sign(changes(desk))
  mustRefuse(`a token ${of}`, await desk.ask(`${MC}/tasks`, { token }), 401)
}

// Signed with the right secret, and still not to be believed.
export const TOKEN_CHECKS: readonly Check[] = FLAWS.map(({ of, changes }) => ({
  name: `401 with a token ${of}`,
  run: refused(of, changes),
}))
