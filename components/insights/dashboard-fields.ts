'use client'

import type { FilterField } from '@/components/table/filter-field'
import { useTraceFields } from '@/components/traces/trace-fields'

const ASKED = ['workspace_id']

export const useDashboardFields = (): FilterField[] => useTraceFields().filter(({ name }) => ASKED.includes(name))
