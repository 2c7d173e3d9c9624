import type { ApiObject } from "../../api-object.ts";
import type { Store } from "../../store/store.ts";
import type { UserInfo } from "../user.ts";
import { type Binding, readBinding, type Subject, subjectKey, userKeys } from "./binding.ts";
import { type Rule, readRules } from "./rule.ts";
import { StoreFollower } from "./store-follower.ts";

/** A binding that is about a user, and through which of its subjects. */
export interface Grant {
  readonly binding: Binding;
  readonly subject: Subject;
}

const group = "rbac.authorization.k8s.io";

/** Roles by name and bindings by subject, as stored now. Asked only as often as something changed, the store is not read. */
export class RbacIndex {
  readonly #followers: readonly StoreFollower[];
  readonly #roles = new Map<string, readonly Rule[]>();
  readonly #grants = new Map<string, Map<string, Grant>>();

  constructor(store: Pick<Store, "list" | "watch">) {
    const roles = (resource: string) =>
      new StoreFollower(store, `${resource}.${group}`, {
        put: (object) => this.#roles.set(roleKey(object.kind, object.metadata), readRules(object.rules)),
        remove: (object) => this.#roles.delete(roleKey(object.kind, object.metadata)),
      });
    const bindings = (resource: string) =>
      new StoreFollower(store, `${resource}.${group}`, {
        put: (object, previous) => this.#bind(object, previous),
        remove: (object) => this.#unbind(readBinding(object)),
      });
    this.#followers = [
      roles("roles"),
      roles("clusterroles"),
      bindings("rolebindings"),
      bindings("clusterrolebindings"),
    ];
  }

  /** What binds the user everywhere, then what binds it in the namespace; in each the order of names. */
  grantsFor(user: UserInfo, namespace: string): readonly Grant[] {
    this.#catchUp();
    const found = new Map<string, Grant>();
    for (const key of userKeys(user)) {
      for (const [id, grant] of this.#grants.get(key) ?? []) {
        const { namespace: where } = grant.binding;
        if ((where === "" || where === namespace) && !found.has(id)) found.set(id, grant);
      }
    }
    return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, grant]) => grant);
  }

  /** The rules that a binding refers to; undefined when the role does not exist. */
  rulesOf({
    roleKind,
    roleName,
    namespace,
  }: Pick<Binding, "roleKind" | "roleName" | "namespace">): readonly Rule[] | undefined {
    this.#catchUp();
    return this.#roles.get(roleKey(roleKind, { name: roleName, namespace }));
  }

  close(): void {
    for (const follower of this.#followers) follower.close();
  }

  #catchUp(): void {
    for (const follower of this.#followers) follower.catchUp();
  }

  #bind(object: ApiObject, previous: ApiObject | undefined): void {
    if (previous !== undefined) this.#unbind(readBinding(previous));
    const binding = readBinding(object);
    for (const subject of binding.subjects) {
      const key = subjectKey(subject, binding.namespace);
      if (key === undefined) continue;
      const grants = this.#grants.get(key) ?? new Map<string, Grant>();
      this.#grants.set(key, grants);
      if (!grants.has(bindingId(binding))) grants.set(bindingId(binding), { binding, subject });
    }
  }

  #unbind(binding: Binding): void {
    for (const subject of binding.subjects) {
      const key = subjectKey(subject, binding.namespace) ?? "";
      const grants = this.#grants.get(key);
      grants?.delete(bindingId(binding));
      if (grants?.size === 0) this.#grants.delete(key);
    }
  }
}

/** A role is found in its namespace, a cluster role anywhere. */
function roleKey(kind: string, { name, namespace = "" }: { name: string; namespace?: string }): string {
  return kind === "Role" ? `Role ${namespace}/${name}` : `${kind} ${name}`;
}

function bindingId({ namespace, name }: Binding): string {
  return `${namespace}/${name}`;
}
