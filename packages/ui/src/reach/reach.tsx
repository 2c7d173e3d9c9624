export default function Reach() {
  return <h1>Reach</h1>;
}
