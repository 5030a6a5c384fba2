<?php
// What SimplePie makes of the feed on standard input, as JSON; the argument is the folder of a WordPress, which brings it along.
error_reporting( E_ALL & ~E_DEPRECATED );
define( 'ABSPATH', $argv[1] . '/' );
define( 'WPINC', 'wp-includes' );
require ABSPATH . WPINC . '/class-simplepie.php';
$feed = new SimplePie();
$feed->set_raw_data( stream_get_contents( STDIN ) );
$feed->enable_cache( false );
$feed->enable_order_by_date( false );
$feed->strip_comments( true );
if ( ! $feed->init() ) {
	fwrite( STDERR, $feed->error() );
	exit( 1 );
}
$items = array();
foreach ( $feed->get_items() as $item ) {
	$enclosure = $item->get_enclosure();
	$items[] = array(
		'id'        => $item->get_id(),
		'title'     => html_entity_decode( $item->get_title(), ENT_QUOTES | ENT_HTML5 ),
		'url'       => $item->get_permalink(),
		'published' => $item->get_gmdate( 'Y-m-d\TH:i:s\Z' ),
		'content'   => $item->get_content(),
		'enclosure' => $enclosure ? (string) $enclosure->get_link() : '',
	);
}
echo json_encode( array(
	'title' => html_entity_decode( $feed->get_title(), ENT_QUOTES | ENT_HTML5 ),
	'url'   => $feed->get_permalink(),
	'items' => $items,
) );
