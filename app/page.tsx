import { redirect } from 'next/navigation'

const Home = () => redirect('/ops')

export default Home
