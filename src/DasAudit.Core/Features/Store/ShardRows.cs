using Microsoft.Win32.SafeHandles;

namespace DasAudit.Core.Features.Store;

/// <summary>Reads the rows of one kind of feature from an open shard.</summary>
internal sealed class ShardRows
{
    private readonly ShardFile _file;
    private readonly SafeFileHandle _handle;
    private readonly ShardLayout _layout;
    private readonly long _start;
    private readonly int _rowsOfPicture;
    private readonly float[] _scales = [];
    private readonly Half[] _halves = [];

    public ShardRows(ShardFile file, SafeFileHandle handle, ShardLayout layout, FeatureKind kind)
    {
        (_file, _handle, _layout) = (file, handle, layout);
        var rows = file.Info(ShardTensors.Rows(kind));
        _start = rows.Offset;
        _rowsOfPicture = (int)rows.Shape[1];
        if (layout.Format == FeatureFormat.F32)
            return;
        _scales = new float[rows.Shape[0] * _rowsOfPicture];
        _halves = new Half[layout.Dimension];
        file.Read(handle, _scales.AsSpan(), file.Info(ShardTensors.Scales(kind)).Offset);
    }

    /// <summary>All rows of the picture at a position in the shard.</summary>
    public float[][] Read(int picture)
    {
        var rows = new float[_rowsOfPicture][];
        for (var row = 0; row < rows.Length; row++)
        {
            rows[row] = new float[_layout.Dimension];
            Read(picture * _rowsOfPicture + row, rows[row]);
        }

        return rows;
    }

    /// <summary>Reads the k float32 or float16 values of a row as they are kept; returns their factor.</summary>
    public float ReadStored(int picture, int row, Span<byte> values)
    {
        var index = picture * _rowsOfPicture + row;
        _file.Read(_handle, values, _start + (long)index * values.Length);
        return _layout.Format == FeatureFormat.F16 ? _scales[index] : 1;
    }

    private void Read(int index, Span<float> values)
    {
        var offset = _start + (long)index * _layout.Dimension * _layout.ValueSize;
        if (_layout.Format == FeatureFormat.F32)
        {
            _file.Read(_handle, values, offset);
            return;
        }

        _file.Read(_handle, _halves.AsSpan(), offset);
        HalfRow.Restore(_halves, _scales[index], values);
    }
}
