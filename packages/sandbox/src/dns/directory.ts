/** What names are made of: the cluster's Services and where they lead. */
export interface NamedService {
  readonly namespace: string;
  readonly name: string;
  /** None for headless Services and for ExternalName. */
  readonly clusterIPs: readonly string[];
  /** Of type ExternalName: the name that it stands for. */
  readonly externalName?: string;
  readonly ports: readonly NamedPort[];
  /** Of headless Services: where pods are found that can be asked. */
  readonly endpoints: readonly NamedEndpoint[];
}

export interface NamedPort {
  readonly name: string;
  /** `TCP`, `UDP`, `SCTP`. */
  readonly protocol: string;
  readonly port: number;
}

export interface NamedEndpoint {
  readonly address: string;
  readonly hostname?: string;
  readonly ports: readonly NamedPort[];
}

/** Services by name and by address. */
export class Directory {
  readonly namespaces: ReadonlySet<string>;
  readonly #services = new Map<string, NamedService>();
  readonly #byAddress = new Map<
    string,
    { readonly service: NamedService; readonly endpoint?: NamedEndpoint }[]
  >();

  /** @param namespaces Those that have no Service are names, too. */
  constructor(services: readonly NamedService[], namespaces: Iterable<string> = []) {
    this.namespaces = new Set([...namespaces, ...services.map(({ namespace }) => namespace)]);
    for (const service of services) {
      this.#services.set(`${service.namespace}/${service.name}`, service);
      for (const address of service.clusterIPs) this.#file(address, { service });
      for (const endpoint of service.endpoints) this.#file(endpoint.address, { service, endpoint });
    }
  }

  service(namespace: string, name: string): NamedService | undefined {
    return this.#services.get(`${namespace}/${name}`);
  }

  /** What has this address: Services, and endpoints of headless ones. */
  at(address: string): readonly { readonly service: NamedService; readonly endpoint?: NamedEndpoint }[] {
    return this.#byAddress.get(address) ?? [];
  }

  #file(address: string, entry: { readonly service: NamedService; readonly endpoint?: NamedEndpoint }): void {
    const known = this.#byAddress.get(address);
    if (known === undefined) this.#byAddress.set(address, [entry]);
    else known.push(entry);
  }
}
