// On the wire as the address bar would write it, so that page and browser ask under one key.
export const SESSION_PAGE = '100'
