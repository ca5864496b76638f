using DasAudit.Core.Datasets.Indexes;

namespace DasAudit.Cli.Commands;

internal sealed class DatasetIndexes(TimeProvider time)
{
    /// <summary>The indexes beside a store of reports, whose path is absolute.</summary>
    public DatasetIndexFolder Beside(string storePath) => new(StoreFolders.Indexes(storePath), time);
}
