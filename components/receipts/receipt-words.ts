import type { ReasonCode, Receipt, ReceiptKind, ReceiptState } from '@/lib/governance/contract'

export const RECEIPTS_TEXT =
  'Who passed a check, held more rights for a while, or read texts, and who looked at it after.'

export const REASONS: Record<ReasonCode, string> = {
  incident_response: 'An incident',
  hotfix: 'A fault that must be mended now',
  business_deadline: 'A deadline',
  data_correction: 'Wrong data',
  other: 'Something else',
}

export const REASON_OPTIONS = (Object.keys(REASONS) as ReasonCode[]).map((value) => ({ value, label: REASONS[value] }))

export const KINDS: Record<ReceiptKind, string> = {
  override: 'Override',
  break_glass: 'Break-glass',
  reveal: 'Reveal',
}

export const STATES: Record<ReceiptState, string> = {
  open: 'Waits',
  overdue: 'Overdue',
  acknowledged: 'Acknowledged',
  noted: 'Noted',
}

export const personOf = (actor: string): string => actor.replace(/^user:/, '')

export const whatOf = ({ kind, permissions, action, target_id: target }: Receipt): string => {
  if (kind === 'break_glass') return permissions.join(', ')
  if (kind === 'reveal') return 'Texts of a trace'
  return target === null ? action : `${action} · ${target}`
}
