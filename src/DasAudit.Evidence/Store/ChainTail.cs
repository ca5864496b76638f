namespace DasAudit.Evidence.Store;

/// <summary>The end of the chain in a database.</summary>
/// <param name="Head">The head after its last record.</param>
/// <param name="Before">The head before that record; null without records.</param>
internal sealed record ChainTail(ChainHead Head, ChainHead? Before)
{
    /// <summary>Whether a crash came between the last record and the head file, which the next writer heals.</summary>
    internal bool IsAheadOf(ChainHead? file) => file is null ? Head.Count == 0 : file == Before;

    /// <summary>How the head file contradicts the database, as a part of a sentence; null if it does not.</summary>
    internal string? Contradiction(ChainHead? file)
    {
        if (file == Head || IsAheadOf(file))
            return null;
        if (file is null)
            return "its head file is missing";
        if (file.Store != Head.Store)
            return $"its head file is that of another store, {file.Store}";
        if (file.Count > Head.Count)
            return $"it was rolled back or cut: its head file says {file.Count} records, and {Missing(file)} missing";
        if (file.Count == Head.Count)
            return $"record {Head.Count} is not the one that its head file was written for: its hash is {Head.Hash}, "
                + $"and the head file says {file.Hash}";
        return file.Count == Before?.Count
            ? $"record {file.Count} is not the one that its head file was written for: record {Head.Count} says that "
                + $"its hash is {Before.Hash}, and the head file says {file.Hash}"
            : $"its head file is older than it: the file says {file.Count} records, and there are {Head.Count}";
    }

    private string Missing(ChainHead file) =>
        file.Count == Head.Count + 1 ? $"record {file.Count} is" : $"the records {Head.Count + 1} to {file.Count} are";
}
