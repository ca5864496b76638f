using System.Runtime.InteropServices;

namespace DasAudit.Core.Numerics;

/// <summary>
/// The pixels under a block of positions, copied so that <see cref="TileKernel"/> meets registers of channels one after the other: a plane of
/// pixels for each register of channels, with the padding, and zeros where the last register lacks channels.
/// </summary>
/// <typeparam name="T">The register.</typeparam>
internal sealed unsafe class PixelPlanes<T> : IDisposable
    where T : struct, ILanes<T>
{
    private readonly ConvolutionGeometry _geometry;
    private readonly (int Height, int Width, int Channels) _picture;
    private readonly int _columns;
    private readonly int _plane;
    private readonly int _count;
    private readonly float* _memory;

    /// <param name="geometry">How patches lie.</param>
    /// <param name="picture">Shape of the picture.</param>
    /// <param name="block">Most rows and columns of positions in a block.</param>
    public PixelPlanes(
        ConvolutionGeometry geometry,
        (int Height, int Width, int Channels) picture,
        (int Rows, int Columns) block
    )
    {
        (_geometry, _picture) = (geometry, picture);
        _columns = (block.Columns - 1) * geometry.Stride.X + (geometry.Kernel.X - 1) * geometry.Dilation.X + 1;
        _plane = PixelRows(block.Rows) * _columns * T.Count;
        _count = (picture.Channels + T.Count - 1) / T.Count;
        _memory = (float*)NativeMemory.AlignedAlloc((nuint)_count * (nuint)_plane * sizeof(float), 64);
    }

    /// <summary>Number of streams: for each register of channels, one for each value of the kernel.</summary>
    public int Tiles => _count * _geometry.Kernel.Y * _geometry.Kernel.X;

    /// <summary>Numbers in the result of one value: kernel height · kernel width · channels.</summary>
    public int ResultLength => _geometry.Kernel.Y * _geometry.Kernel.X * _picture.Channels;

    /// <summary>Numbers from a position to the next.</summary>
    public int Step => _geometry.Stride.X * T.Count;

    /// <summary>Numbers from a row of positions to the next.</summary>
    public int RowStep => _geometry.Stride.Y * _columns * T.Count;

    /// <summary>A stream: where it begins, where its result lies, and how many of its channels are real.</summary>
    public (IntPtr Source, int Result, int Channels) Tile(int index)
    {
        var (plane, at) = Math.DivRem(index, _geometry.Kernel.Y * _geometry.Kernel.X);
        var (y, x) = Math.DivRem(at, _geometry.Kernel.X);
        var source =
            _memory + (long)plane * _plane + (y * _geometry.Dilation.Y * _columns + x * _geometry.Dilation.X) * T.Count;
        return (
            (IntPtr)source,
            at * _picture.Channels + plane * T.Count,
            Math.Min(T.Count, _picture.Channels - plane * T.Count)
        );
    }

    /// <summary>Copies what the positions of a block see.</summary>
    /// <param name="pixels">The picture, channels last.</param>
    /// <param name="top">First row of positions.</param>
    /// <param name="left">First column of positions.</param>
    /// <param name="rows">Number of rows of positions.</param>
    public void Pack(float* pixels, int top, int left, int rows)
    {
        var (firstX, firstY) = (
            left * _geometry.Stride.X - _geometry.Before.X,
            top * _geometry.Stride.Y - _geometry.Before.Y
        );
        var (from, to) = (Math.Max(0, firstX), Math.Min(_picture.Width, firstX + _columns));
        for (var row = 0; row < PixelRows(rows); row++)
        {
            var y = firstY + row;
            var inside = y >= 0 && y < _picture.Height && from < to;
            for (var plane = 0; plane < _count; plane++)
            {
                var target = _memory + (long)plane * _plane + row * _columns * T.Count;
                var channels = Math.Min(T.Count, _picture.Channels - plane * T.Count);
                if (!inside || from > firstX || to < firstX + _columns || channels < T.Count)
                    new Span<float>(target, _columns * T.Count).Clear();
                if (inside)
                    Copy(
                        pixels + ((long)y * _picture.Width + from) * _picture.Channels + plane * T.Count,
                        target + (from - firstX) * T.Count,
                        to - from,
                        channels
                    );
            }
        }
    }

    public void Dispose() => NativeMemory.AlignedFree(_memory);

    private void Copy(float* source, float* target, int count, int channels)
    {
        for (var end = target + count * T.Count; target < end; target += T.Count, source += _picture.Channels)
        {
            if (channels == T.Count)
                T.Load(source).Store(target);
            else
                new Span<float>(source, channels).CopyTo(new Span<float>(target, channels));
        }
    }

    private int PixelRows(int rows) =>
        (rows - 1) * _geometry.Stride.Y + (_geometry.Kernel.Y - 1) * _geometry.Dilation.Y + 1;
}
