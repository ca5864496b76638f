using DasAudit.Core.Pictures.Statements;

namespace DasAudit.Core.Datasets.Signals;

/// <summary>Reads what is said of a dataset's pictures, in their files and beside them.</summary>
/// <param name="set">The dataset. Files of which is known that they say nothing are not opened.</param>
internal sealed class DatasetStatements(TrainingSet set)
{
    /// <summary>What files beside the pictures say.</summary>
    public FolderSignals Folders { get; } = new(set);

    /// <summary>What is said of one picture.</summary>
    /// <param name="now">The time that signals get as the one at which they were read.</param>
    public ItemStatements Of(TrainingItem item, DateTimeOffset now)
    {
        var isInside = item.MayState != false && set.OpenFile is not null;
        if (!isInside && Folders.IsEmpty)
            return ItemStatements.None;
        var beside = Folders.Of(item.Path);
        var inside = isInside ? ReadFile(item) : FileStatements.None;
        List<UseSignal> signals =
        [
            .. inside.Signals.Concat(beside).Select(signal => signal.At(now)).OrderBy(signal => signal.Stance),
        ];
        return inside.Texts.Count + signals.Count + inside.Problems.Count == 0
            ? ItemStatements.None
            : new(inside.Texts, signals, inside.Problems);
    }

    /// <summary>What is said of the pictures of which anything is, in their order.</summary>
    /// <inheritdoc cref="Of"/>
    public IReadOnlyList<(TrainingItem Item, ItemStatements Statements)> OfAll(DateTimeOffset now)
    {
        var statements = new ItemStatements[set.Items.Count];
        Parallel.For(0, statements.Length, i => statements[i] = Of(set.Items[i], now));
        return [.. set.Items.Zip(statements).Where(pair => !ReferenceEquals(pair.Second, ItemStatements.None))];
    }

    private FileStatements ReadFile(TrainingItem item)
    {
        try
        {
            using var file = set.OpenFile!(item);
            return StatementReader.Read(file);
        }
        catch (AuditException e)
        {
            return FileStatements.None with { Problems = [e.Message] };
        }
        catch (IOException e)
        {
            return FileStatements.None with { Problems = [$"It cannot be read ({e.Message.TrimEnd('.')})."] };
        }
    }
}
