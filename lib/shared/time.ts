import { z } from 'zod'

export const Timestamp = z.iso.datetime({ offset: true }).meta({ example: '2026-01-01T00:00:00.000Z' })

export const toWire = (date: Date): string => date.toISOString()

export const toWireOrNull = (date: Date | null | undefined): string | null => (date ? date.toISOString() : null)
