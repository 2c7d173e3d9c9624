export default function Tutorial() {
  return <h1>Tutorial</h1>;
}
