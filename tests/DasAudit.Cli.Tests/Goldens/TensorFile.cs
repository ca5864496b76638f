using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace DasAudit.Cli.Tests.Goldens;

/// <summary>The bytes of a safetensors file, read without the tool's own code.</summary>
internal sealed class TensorFile
{
    private readonly byte[] _bytes;
    private readonly int _begin;

    public TensorFile(string path)
    {
        _bytes = File.ReadAllBytes(path);
        _begin = sizeof(long) + (int)BinaryPrimitives.ReadInt64LittleEndian(_bytes);
        HeaderText = Encoding.UTF8.GetString(_bytes.AsSpan(sizeof(long), _begin - sizeof(long)));
        Header = JsonNode.Parse(HeaderText)!.AsObject();
    }

    /// <summary>With its padding.</summary>
    public string HeaderText { get; }

    public JsonObject Header { get; }

    public ReadOnlySpan<byte> All => _bytes;

    public string Metadata(string key) => (string)Header["__metadata__"]![key]!;

    public ReadOnlySpan<byte> Data(string tensor)
    {
        var offsets = Header[tensor]!["data_offsets"]!;
        var (from, to) = ((int)offsets[0]!, (int)offsets[1]!);
        return _bytes.AsSpan(_begin + from, to - from);
    }

    /// <summary>A line for the header, with some of its texts replaced, and one for each tensor.</summary>
    public IEnumerable<string> Lines(params (string Before, string After)[] replaced)
    {
        var header = HeaderText;
        foreach (var (before, after) in replaced)
            header = header.Replace(before, after, StringComparison.Ordinal);
        yield return "  " + header;
        foreach (var name in Header.Select(pair => pair.Key).Where(name => name != "__metadata__"))
            yield return $"  {name} {Convert.ToHexStringLower(SHA256.HashData(Data(name)))}";
    }
}
