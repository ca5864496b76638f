using DasAudit.Core.Platforms;

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
        File.Exists(path + HeadFile.Suffix)
            ? Damaged("it has a head file, but its first pages are not those of a store")
            : new($"'{path}' is no store of das-audit but a file of another program; name another with --store.");

    internal AuditException Newer(string schema) =>
        OrAnother($"The store '{path}' was made by a newer das-audit (it is a {schema}); update das-audit");

    internal AuditException Busy() =>
        OrAnother($"The store '{path}' is in use by another process; wait until it has finished");

    internal AuditException Damaged(string what, Exception? inner = null) =>
        new DamagedStoreException(
            $"The store '{path}' is damaged ({what}); put back a copy of it, or name another with --store.",
            what,
            inner
        );

    internal AuditException HeadMissing(string head) =>
        new DamagedStoreException(
            $"The store '{path}' takes nothing more, because its head file '{head}' is missing; put it back, or have "
                + "'store check --new-head' verify all records and make it anew.",
            "its head file is missing"
        );

    internal AuditException HeadWithoutStore(string head, long records) =>
        new(
            $"There is no store at '{path}', but '{head}' says that there was one of {records} records; put the store "
                + "back, make it anew with 'store restore', or move the head file away."
        );

    internal AuditException HeadOfAnother(string head, ChainHead file, ChainHead export) =>
        new(
            $"'{head}' says that the store '{path}' was {file.Store} with {file.Count} records, and the export is "
                + $"{export.Store} with {export.Count}; move the head file away to restore the export all the same."
        );

    internal AuditException Unchained() =>
        new(
            $"The store '{path}' is of an older das-audit and has no chain of records yet; it gets one with the next "
                + "report, or by 'store compact'."
        );

    internal AuditException Exists() =>
        new($"There is a store at '{path}' already, and it is never overwritten; name another with --store.");

    internal AuditException CopyInTheWay(string copy) =>
        new(
            $"The store '{path}' needs '{copy}' for the copy that is kept of it, but another file has that name; "
                + "move that file away."
        );

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

    /// <summary>What the system refused, and why.</summary>
    internal AuditException Refused(IOException e) =>
        Platform.Current.IsReadOnly(e) ? ReadOnly(e)
        : Platform.Current.IsFull(e) ? Full(e)
        : Failed(e);

    internal AuditException Failed(Exception inner)
    {
        var cause = inner.Message.ReplaceLineEndings(" ").TrimEnd('.', ' ');
        return OrAnother($"The store '{path}' could not be used ({cause}); remove the cause", inner);
    }

    private static AuditException OrAnother(string sentence, Exception? inner = null) =>
        new($"{sentence}, or name another with --store.", inner);
}
