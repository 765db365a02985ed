import { type Command, DONE, FAILED } from '../command'
import { parseFlags } from '../flags'

export const logout: Command = {
  name: 'logout',
  usage: 'clasper logout',
  summary: 'revoke the login of this machine and delete it',
  run: async (args, { out, err }) => {
    parseFlags(args, {})
    const { signOut } = await import('../login/sign-out')
    const left = await signOut()
    if (left === null) out('You were not signed in.')
    else if (left.revoked) out('Signed out; the identity provider has revoked the login.')
    else err('The login is deleted here, but the identity provider did not revoke it. It ends by itself.')
    return left === null || left.revoked ? DONE : FAILED
  },
}
