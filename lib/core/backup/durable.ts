import { closeSync, fsyncSync, ftruncateSync, openSync, readSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

const CHUNK = 1024 * 1024
const HEADER = 100

const flushPath = (path: string) => {
  const file = openSync(path, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** A rename that has happened for good when it returns: contents first, then the name. */
export const moveForGood = (from: string, to: string): void => {
  flushPath(from)
  renameSync(from, to)
  flushPath(dirname(to))
}

const pour = (from: number, to: number, start: number): number => {
  const buffer = Buffer.allocUnsafe(CHUNK)
  let at = start
  for (;;) {
    const count = readSync(from, buffer, 0, CHUNK, at)
    if (count === 0) return at
    for (let written = 0; written < count; ) written += writeSync(to, buffer, written, count - written, at + written)
    at += count
  }
}

/** Copies an open file, without opening it again: closing a second descriptor would drop this process's locks on it. */
export const copyOut = (from: number, path: string): void => {
  const to = openSync(path, 'wx', 0o600)
  try {
    pour(from, to, 0)
    fsyncSync(to)
  } finally {
    closeSync(to)
  }
  flushPath(dirname(path))
}

/**
 * Gives an open database file other contents. The header is blank until all else is on the disk, so a power cut
 * leaves a file that no one takes for a database, never a mixture.
 */
export const overwrite = (to: number, path: string): void => {
  const from = openSync(path, 'r')
  try {
    const header = Buffer.alloc(HEADER)
    readSync(from, header, 0, HEADER, 0)
    writeSync(to, Buffer.alloc(HEADER), 0, HEADER, 0)
    fsyncSync(to)
    ftruncateSync(to, pour(from, to, HEADER))
    fsyncSync(to)
    writeSync(to, header, 0, HEADER, 0)
    fsyncSync(to)
  } finally {
    closeSync(from)
  }
}
