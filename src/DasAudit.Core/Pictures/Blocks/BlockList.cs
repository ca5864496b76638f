namespace DasAudit.Core.Pictures.Blocks;

/// <summary>Collects blocks, within limits.</summary>
internal sealed class BlockList
{
    /// <summary>Largest block of a manifest store that is read, in bytes.</summary>
    public const long LargestStore = 32L << 20;

    /// <summary>Largest other block that is read, in bytes.</summary>
    public const long LargestText = 4L << 20;

    private const int MostBlocks = 64;

    private readonly List<PictureBlock> _blocks = [];
    private readonly List<string> _problems = [];

    public IReadOnlyList<PictureBlock> All => _blocks;

    public IReadOnlyList<string> Problems => _problems;

    public void Add(BlockKind kind, string name, byte[] bytes)
    {
        if (_blocks.Count < MostBlocks)
            _blocks.Add(new(kind, name, bytes));
        else
            AddProblem($"It holds more than {MostBlocks} blocks of metadata; the others were not read.");
    }

    /// <summary>Says what could not be read, once.</summary>
    public void AddProblem(string problem)
    {
        if (!_problems.Contains(problem) && _problems.Count < MostBlocks)
            _problems.Add(problem);
    }

    /// <summary>Reads a block of a stated length; what is too long or cut short is a problem, and null.</summary>
    public byte[]? Take(BlockSource source, BlockKind kind, string name, long length)
    {
        var limit = kind == BlockKind.C2pa ? LargestStore : LargestText;
        if (length > source.Left)
            AddProblem($"Its {name} is cut short.");
        else if (length > limit)
            AddProblem($"Its {name} is larger than {limit >> 20} MiB and was not read.");
        else
            return source.Read((int)length);
        return null;
    }
}
