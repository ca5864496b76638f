using DasAudit.Abstractions;

namespace DasAudit.Evidence.Store;

/// <summary>The sentences of a store that cannot be used. All name the file as the person gave it.</summary>
internal sealed class StoreErrors(string path)
{
    internal AuditException Missing() =>
        new($"There is no store at '{path}'; run an audit first or name another with --store.");

    internal AuditException Folder() =>
        new($"'{path}' is a folder, where the file of a store was expected; name a file with --store.");

    internal AuditException Empty() =>
        new($"'{path}' is empty, so it is no store of das-audit; delete it, or name another with --store.");

    internal AuditException Foreign() =>
        new($"'{path}' is no store of das-audit but a file of another program; name another with --store.");

    internal AuditException Newer(string schema) =>
        new(
            $"The store '{path}' was made by a newer das-audit (it is a {schema}); update das-audit, "
                + "or name another with --store."
        );

    internal AuditException Busy() =>
        new(
            $"The store '{path}' is in use by another process; wait until it has finished, "
                + "or name another with --store."
        );

    internal AuditException Damaged(string what, Exception? inner = null) =>
        new($"The store '{path}' is damaged ({what}); put back a copy of it, or name another with --store.", inner);

    internal AuditException ReadOnly(Exception? inner = null) =>
        new(
            $"The store '{path}' cannot be written, because it or its folder is read-only; make both writable, "
                + "or name another with --store.",
            inner
        );

    internal AuditException Denied(Exception inner) =>
        new(
            $"The store '{path}' cannot be read, because permission is denied; ask for permission, "
                + "or name another with --store.",
            inner
        );

    internal AuditException LogWithoutStore(string log) =>
        new(
            $"There is no store at '{path}', but there is the log of one, '{log}', which may hold reports; "
                + "put the store back beside it, or move the log away."
        );

    internal AuditException Full(Exception? inner = null) =>
        new(
            $"There is no room left on the disk of the store '{path}'; free some, or name another with --store.",
            inner
        );

    internal AuditException Failed(Exception inner) =>
        new(
            $"The store '{path}' could not be used ({Sentence(inner)}); remove the cause, "
                + "or name another with --store.",
            inner
        );

    private static string Sentence(Exception e) => e.Message.ReplaceLineEndings(" ").TrimEnd('.', ' ');
}
