import { forecastCost } from '@/lib/governance'
import { opsCostForecast } from '@/lib/governance/contract/forecast'
import { route } from '@/lib/http/route'

export const POST = route(opsCostForecast, (scope, { body }) => forecastCost(scope, body))
