export const WEBHOOKS_TEXT = 'What was told to other programs, what still waits, and what nobody took.'
