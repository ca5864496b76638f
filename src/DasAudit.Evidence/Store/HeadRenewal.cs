namespace DasAudit.Evidence.Store;

/// <summary>Makes a lost head file anew.</summary>
internal static class HeadRenewal
{
    /// <summary>
    /// Writes the head file of a store whose records are all sound, where there is none; nobody can have added to it
    /// since it was checked, because without a head file a store takes nothing.
    /// </summary>
    /// <param name="check">What the whole store was found to be.</param>
    /// <returns>Whether it was written; not if anything else is wrong, or nothing is.</returns>
    internal static bool Run(StoreConnection connection, StoreCheckResult check)
    {
        if (check.Head is null || check.Findings.Count != 1 || File.Exists(connection.HeadFile.Path))
            return false;
        connection.Write(
            0,
            database =>
            {
                var head = StoreChain.Tail(database).Head;
                return head == check.Head ? head : throw new InvalidDataException("it changed while it was checked");
            }
        );
        return true;
    }
}
