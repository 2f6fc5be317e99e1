// The addresses of the inside, all behind the hash, each loaded when it is first visited.
import { lazy, type ComponentType } from 'react';
import { Redirect, Route, Switch } from 'wouter';

import type { ChatFrame } from '../routes/chat';
import { paths } from '../shared/config/paths';

const page = <P,>(load: () => Promise<ComponentType<P>>) => lazy(async () => ({ default: await load() }));

const Chat = page(async () => (await import('../routes/chat')).ChatRoute);
const Settings = page(async () => (await import('../routes/settings')).SettingsRoute);
const Admin = page(async () => (await import('../routes/admin')).AdminRoute);
const Overview = page(async () => (await import('../routes/admin-overview')).AdminOverviewRoute);
const People = page(async () => (await import('../routes/admin-people')).AdminPeopleRoute);
const Person = page(async () => (await import('../routes/admin-person')).AdminPersonRoute);
const Invites = page(async () => (await import('../routes/invites')).InvitesRoute);
const Servers = page(async () => (await import('../routes/admin-servers')).AdminServersRoute);
const Usage = page(async () => (await import('../routes/admin-usage')).AdminUsageRoute);
const Audit = page(async () => (await import('../routes/admin-audit')).AdminAuditRoute);
const Joined = page(async () => (await import('../routes/joined')).JoinedRoute);
const Nowhere = page(async () => (await import('../routes/nowhere')).NowhereRoute);

/** One view for both addresses: a new conversation must not be built anew when it gets its own. */
const CHATS = /^\/(?:c\/(?<id>[^/]+))?$/;

export function Pages({ path, frame }: { path: string; frame: ChatFrame }) {
  return (
    <Switch location={path}>
      <Route path={CHATS}>{({ id }) => <Chat id={id ?? null} frame={frame} />}</Route>
      <Route path={paths.settings}>
        <Settings />
      </Route>
      <Route path={paths.anyAdmin}>
        <Admin>
          <AdminPages path={path} />
        </Admin>
      </Route>
      <Route path={paths.join}>
        <Joined />
      </Route>
      {[paths.signIn, paths.setUp].map((door) => (
        <Route key={door} path={door}>
          <Redirect to={paths.newChat} replace />
        </Route>
      ))}
      <Route path="*">
        <Nowhere />
      </Route>
    </Switch>
  );
}

function AdminPages({ path }: { path: string }) {
  return (
    <Switch location={path}>
      <Route path={paths.admin} component={Overview} />
      <Route path={paths.people} component={People} />
      <Route path={paths.anyPerson} component={Person} />
      <Route path={paths.invites} component={Invites} />
      <Route path={paths.servers} component={Servers} />
      <Route path={paths.usage} component={Usage} />
      <Route path={paths.audit} component={Audit} />
      <Route path="*" component={Nowhere} />
    </Switch>
  );
}
