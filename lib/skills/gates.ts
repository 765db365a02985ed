import type { OpenClaw } from './open-claw'

// What a skill may ask of the machine it runs on: whether something is there, never what it holds.
export type SkillHost = {
  platform: string
  hasVariable: (name: string) => boolean
  hasBin: (name: string) => boolean
  hasConfig: (key: string) => boolean
}

const SPOKEN: Readonly<Record<string, string>> = { macos: 'darwin', mac: 'darwin', osx: 'darwin', windows: 'win32' }

const platformOf = (name: string): string => SPOKEN[name.toLowerCase()] ?? name.toLowerCase()

const lacking = (what: string, names: readonly string[], has: (name: string) => boolean): string | null => {
  const absent = names.filter((name) => !has(name))
  return absent.length > 0 ? `Missing ${what}: ${absent.join(', ')}` : null
}

// The first reason why a skill is off, or null. `always` passes what it requires, never the wrong system.
export const gateReason = ({ always, os, needs, faults }: OpenClaw, host: SkillHost): string | null => {
  if (os.length > 0 && !os.some((name) => platformOf(name) === host.platform)) {
    return `OS not supported (requires: ${os.join(', ')})`
  }
  if (faults.length > 0) return `Requirements cannot be read: ${faults.join(', ')}`
  if (always) return null
  const anyBin = needs.anyBins.length === 0 || needs.anyBins.some(host.hasBin)
  return (
    lacking('env', needs.env, host.hasVariable) ??
    lacking('bin', needs.bins, host.hasBin) ??
    (anyBin ? null : `Missing any of: ${needs.anyBins.join(', ')}`) ??
    lacking('config', needs.config, host.hasConfig)
  )
}
