-- The audit trail, the consents and published programmes are only ever added to.
-- Retention deletes consents and audit events by lifting these triggers in a migration-like command of its own.
create trigger audit_event_no_update before update on audit_event begin select raise(abort, 'audit_event is append-only'); end;
--> statement-breakpoint
create trigger audit_event_no_delete before delete on audit_event begin select raise(abort, 'audit_event is append-only'); end;
--> statement-breakpoint
create trigger consent_no_update before update on consent begin select raise(abort, 'consent is append-only'); end;
--> statement-breakpoint
create trigger agenda_version_no_update before update on agenda_version begin select raise(abort, 'a published programme is immutable'); end;
--> statement-breakpoint
create trigger invitation_event_no_update before update on invitation_event begin select raise(abort, 'invitation_event is append-only'); end;
