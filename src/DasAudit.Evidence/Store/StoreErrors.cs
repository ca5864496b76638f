namespace DasAudit.Evidence.Store;

/// <summary>The sentences of a store that cannot be used. All name the file as the person gave it.</summary>
internal sealed class StoreErrors(string path)
{
    internal AuditException Missing() =>
        new($"There is no store at '{path}'; run an audit first or name another with --store.");

    internal AuditException Folder() =>
        new($"'{path}' is a folder, where the file of a store was expected; name a file with --store.");

    internal AuditException Empty() => OrAnother($"'{path}' is empty, so it is no store of das-audit; delete it");

    internal AuditException Foreign() =>
        new($"'{path}' is no store of das-audit but a file of another program; name another with --store.");

    internal AuditException Newer(string schema) =>
        OrAnother($"The store '{path}' was made by a newer das-audit (it is a {schema}); update das-audit");

    internal AuditException Busy() =>
        OrAnother($"The store '{path}' is in use by another process; wait until it has finished");

    internal AuditException Damaged(string what, Exception? inner = null) =>
        OrAnother($"The store '{path}' is damaged ({what}); put back a copy of it", inner);

    internal AuditException ReadOnly(Exception? inner = null)
    {
        const string Cause = "because it or its folder is read-only";
        return OrAnother($"The store '{path}' cannot be written, {Cause}; make both writable", inner);
    }

    internal AuditException Denied(Exception inner) =>
        OrAnother($"The store '{path}' cannot be read, because permission is denied; ask for permission", inner);

    internal AuditException LogWithoutStore(string log) =>
        new(
            $"There is no store at '{path}', but there is the log of one, '{log}', which may hold reports; "
                + "put the store back beside it, or move the log away."
        );

    internal AuditException Full(Exception? inner = null) =>
        OrAnother($"There is no room left on the disk of the store '{path}'; free some", inner);

    internal AuditException Failed(Exception inner)
    {
        var cause = inner.Message.ReplaceLineEndings(" ").TrimEnd('.', ' ');
        return OrAnother($"The store '{path}' could not be used ({cause}); remove the cause", inner);
    }

    private static AuditException OrAnother(string sentence, Exception? inner = null) =>
        new($"{sentence}, or name another with --store.", inner);
}
