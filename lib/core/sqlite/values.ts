import { type ArgType, type ColumnType, ColumnTypeEnum } from '@prisma/driver-adapter-utils'
import { dateOf } from '../clock'
import { sqliteTime } from './handle'

const DECLARED: Readonly<Record<string, ColumnType>> = {
  INTEGER: ColumnTypeEnum.Int32,
  INT: ColumnTypeEnum.Int32,
  BIGINT: ColumnTypeEnum.Int64,
  REAL: ColumnTypeEnum.Double,
  DOUBLE: ColumnTypeEnum.Double,
  DECIMAL: ColumnTypeEnum.Numeric,
  TEXT: ColumnTypeEnum.Text,
  DATETIME: ColumnTypeEnum.DateTime,
  BLOB: ColumnTypeEnum.Bytes,
  BOOLEAN: ColumnTypeEnum.Boolean,
  JSONB: ColumnTypeEnum.Json,
}

const ofValue = (value: unknown): ColumnType => {
  if (typeof value === 'string') return ColumnTypeEnum.Text
  if (typeof value === 'bigint') return ColumnTypeEnum.Int64
  if (typeof value === 'number') return ColumnTypeEnum.UnknownNumber
  if (value instanceof Uint8Array) return ColumnTypeEnum.Bytes
  return ColumnTypeEnum.Int32
}

const firstValue = (rows: readonly unknown[][], column: number): unknown =>
  rows.find((row) => row[column] !== null && row[column] !== undefined)?.[column]

// An expression such as count(*) has no declared type, so the first value decides.
export const columnTypesOf = (declared: readonly (string | null)[], rows: readonly unknown[][]): ColumnType[] =>
  declared.map((name, index) => (name ? DECLARED[name.toUpperCase()] : undefined) ?? ofValue(firstValue(rows, index)))

export const toPrisma = (value: unknown, type: ColumnType | undefined): unknown => {
  if (value === null || value === undefined) return null
  if (type === ColumnTypeEnum.DateTime && typeof value !== 'string') return dateOf(Number(value)).toISOString()
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString()
  return value
}

export const toSqlite = (value: unknown, type: ArgType | undefined): unknown => {
  if (value === null || value === undefined) return null
  if (typeof value === 'boolean') return value ? 1 : 0
  if (value instanceof Date) return sqliteTime(value)
  if (typeof value !== 'string' || !type) return value
  if (type.scalarType === 'int' || type.scalarType === 'bigint') return BigInt(value)
  if (type.scalarType === 'float' || type.scalarType === 'decimal') return Number.parseFloat(value)
  if (type.scalarType === 'datetime') return sqliteTime(dateOf(value))
  if (type.scalarType === 'bytes') return Buffer.from(value, 'base64')
  return value
}
