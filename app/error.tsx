'use client'

import { type Broken, PageError } from '@/components/states/page-error'
import { Plate } from '@/components/states/plate'

const ErrorPage = (broken: Broken) => (
  <Plate>
    <PageError {...broken} />
  </Plate>
)

export default ErrorPage
