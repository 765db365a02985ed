type Words = { title: string; text: string }

const WORDS: Record<string, Words> = {
  no_role: {
    title: 'You have no role here',
    text: 'The identity provider knows you, but gives you none of the roles viewer, operator, release_manager or admin. Ask whoever manages it.',
  },
  missing_claim: {
    title: 'Your account is incomplete',
    text: 'The identity provider did not say which tenant you belong to. Ask whoever manages it to add the tenant claim.',
  },
  invalid_token: {
    title: 'The sign-in was not accepted',
    text: 'The token of the identity provider is not valid here.',
  },
  provider_error: {
    title: 'The identity provider does not answer',
    text: 'Nothing is wrong with your account. Try again in a moment.',
  },
  OAuthSignin: {
    title: 'The identity provider does not answer',
    text: 'Nothing is wrong with your account. Try again in a moment.',
  },
  OAuthCallback: {
    title: 'The sign-in was cut short',
    text: 'It was started in another window, took too long, or was cancelled. Start again.',
  },
  AccessDenied: { title: 'Access was refused', text: 'The identity provider or Clasper refused this account.' },
  Configuration: {
    title: 'Sign-in is not set up',
    text: 'The server lacks its OPS_OIDC_* settings. “clasper config check” names what is missing.',
  },
  session_ended: { title: 'Your session has ended', text: 'Sign in again to go on where you were.' },
}

const UNKNOWN: Words = {
  title: 'The sign-in failed',
  text: 'Start again. If it fails once more, the server’s log says why.',
}

export const signInWords = (error: string): Words => (Object.hasOwn(WORDS, error) ? WORDS[error] : undefined) ?? UNKNOWN
