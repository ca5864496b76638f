using System.Runtime.InteropServices;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Features;
using Microsoft.Win32.SafeHandles;

namespace DasAudit.Benchmarks.Attribution;

/// <summary>Made-up features as float16 in one file of a temporary folder, which is removed afterwards.</summary>
internal sealed class FileBlocks : IFeatureBlocks, IDisposable
{
    private const int RowsInBlock = 16;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-audit-benchmark-");
    private readonly SafeFileHandle _file;

    /// <param name="count">n; a multiple of 32.</param>
    /// <param name="dimension">k.</param>
    public FileBlocks(int count, int dimension)
    {
        Count = count;
        Dimension = dimension;
        var path = Path.Combine(_folder.FullName, "features");
        try
        {
            using (var writer = File.Create(path))
                Fill(writer);
            _file = File.OpenHandle(path);
        }
        catch
        {
            _folder.Delete(recursive: true);
            throw;
        }
    }

    public int Count { get; }

    public int Dimension { get; }

    public bool Half => true;

    public int Blocks => Count / RowsInBlock;

    public long Bytes => (long)Count * Dimension * sizeof(short);

    public int FirstRow(int block) => block * RowsInBlock;

    public void Read(int block, Span<byte> values, Span<float> scales)
    {
        scales.Fill(1);
        var offset = (long)FirstRow(block) * Dimension * sizeof(short);
        while (values.Length > 0)
        {
            var read = RandomAccess.Read(_file, values, offset);
            if (read == 0)
                throw new EndOfStreamException();
            values = values[read..];
            offset += read;
        }
    }

    public void Dispose()
    {
        _file.Dispose();
        _folder.Delete(recursive: true);
    }

    private void Fill(FileStream writer)
    {
        var values = new float[RowsInBlock * Dimension];
        new NoiseSource(1).Normal(new(NoisePurpose.Attribution, 0, 0), values);
        Half[] halves = [.. values.Select(value => (Half)(4096 * value))];
        var bytes = MemoryMarshal.AsBytes(halves.AsSpan());
        for (var block = 0; block < Blocks; block++)
        {
            // No two blocks in a row alike.
            var turn = block % RowsInBlock * Dimension * sizeof(short);
            writer.Write(bytes[turn..]);
            writer.Write(bytes[..turn]);
        }
    }
}
