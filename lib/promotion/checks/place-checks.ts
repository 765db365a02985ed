import { shortHash } from '../candidate'
import { type Checker, type Finding, fail, pass } from './check'

export const sourceMissing = (name: string): Finding => fail(`The environment ${name} does not exist.`)

export const noVersion = (name: string): Finding =>
  fail(`Nothing is pinned in ${name}, so there is nothing to promote.`)

export const sourceExists: Checker = ({ subject: { route } }) => pass(`${route.sourceEnv} exists.`)

export const sourceHasVersion: Checker = ({ subject: { route, source } }) =>
  pass(`${route.sourceEnv} runs ${shortHash(source.versionHash)}.`, {
    version_hash: shortHash(source.versionHash),
    revision: source.revision,
  })

export const lockFinding = (target: string, isLocked: boolean): Finding =>
  isLocked ? fail(`${target} is locked.`, { locked: true }) : pass(`${target} is not locked.`, { locked: false })

/** Every file of the version is there: what is promoted can be run, and taken back to. */
export const workspacePinned: Checker = ({ subject: { route, source, candidate } }) =>
  pass(`${route.sourceEnv} is pinned to ${shortHash(source.versionHash)}, and all of its files are kept.`, {
    version_hash: shortHash(source.versionHash),
    files: candidate.bundle.folder.paths.length,
    skill_pins: source.skillPins,
    model_pin: source.modelPin,
    provider_pin: source.providerPin,
  })

export const notKept = (hash: string): Finding =>
  fail(`The files of ${shortHash(hash)} are not kept whole, so it cannot run.`)

// A file that nobody can read may have asked anything.
export const gatesReadable: Checker = ({ subject: { gate, gates, target } }) => {
  const faults = [
    ...gates.candidate.faults.map((fault) => `candidate: ${fault}`),
    ...gates.current.faults.map((fault) => `target: ${fault}`),
  ]
  const evidence = {
    faults,
    loosened: gates.loosened,
    from: { candidate: gates.candidate.file !== null, target: gates.current.file !== null },
    gate,
  }
  if (faults.length > 0) return fail('gates.yaml cannot be read, so nothing passes it.', evidence)
  if (gates.loosened.length > 0)
    return pass(
      `What the target runs asks more than the candidate, and it binds: ${gates.loosened.join(', ')}. With this promotion the gate becomes weaker.`,
      evidence,
    )
  return pass(
    target ? 'The gates of the candidate and of the target both bind.' : 'The gates of the candidate bind.',
    evidence,
  )
}
