'use client'

import { type Broken, PageError } from '@/components/states/page-error'

const ConsoleError = (broken: Broken) => <PageError {...broken} />

export default ConsoleError
